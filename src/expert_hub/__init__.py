"""Expert Hub: the service around the two kernels `evaluation` and `scheduling`.

Nothing runs on import; `expert_hub.app.create_app` is the composition root and `expert_hub.cli` the command line.
"""

__version__ = "0.1.0"
