"""Pages for people: the landing page, the page of every problem code, and the interactive API documentation."""
