"""Counts in the database what a load test left: visits, each operation once, and visits in the register of statements."""

import json
import sys

from database import Database

one = Database(*sys.argv[1:3]).one
print(
    json.dumps(
        {
            "operations": one("SELECT COUNT(*) FROM care_operation"),
            "visits": one("SELECT COUNT(*) FROM care_visit"),
            "operations_with_two_visits": one("SELECT COUNT(*) FROM (SELECT operation FROM care_visit GROUP BY operation HAVING COUNT(*) > 1) twice"),
            "applied_without_a_visit": one("SELECT COUNT(*) FROM care_operation o WHERE o.kind = 'visit' AND o.outcome = 'applied' AND NOT EXISTS (SELECT 1 FROM care_visit v WHERE v.operation = o.id)"),
            "needs": one("SELECT COUNT(*) FROM care_need"),
            "looks": one("SELECT COUNT(*) FROM reveal WHERE purpose = 'take_along'"),
            "entered_in_the_register": one("SELECT COUNT(*) FROM act WHERE act_key LIKE 'care/visit/%'"),
        },
        indent=1,
    )
)
