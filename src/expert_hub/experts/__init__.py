"""The expert library (专家库): persons with specialities, regions, standing, relations and leave.

Every library of a sector or place registers persons; registrations of one identity number are one expert (EL-15). The
verbs are in `importing` (`import_library`, `import_catalogue`) and `service` (`list_experts`, `get_expert`,
`change_standing`, `candidate_records`).
Source: domain chapter 1; 招标投标法 第37条; 政府采购法实施条例 第9条.
"""
