"""What beat asks for, and how often (seconds); what is missed runs at the next turn, and each app adds its own."""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    "jobs.sweep": {"task": "jobs.sweep", "schedule": 5.0, "options": {"expires": 5.0}},
    "accounts.clear_sessions": {"task": "accounts.clear_sessions", "schedule": 6 * 3600.0},
    "audit.sweep_uploads": {"task": "audit.sweep_uploads", "schedule": 3600.0},
    "audit.plan_verification": {"task": "audit.plan_verification", "schedule": 600.0},  # once a day
    "audit.plan_reconciliation": {"task": "audit.plan_reconciliation", "schedule": 600.0},  # once a day
    "records.plan_lists": {"task": "records.plan_lists", "schedule": 600.0},  # once a day
    "compliance.plan": {"task": "compliance.plan", "schedule": 60.0, "options": {"expires": 60.0}},
    "records.plan_status": {"task": "records.plan_status", "schedule": 600.0, "options": {"expires": 600.0}},
    "reviews.plan_meetings": {
        "task": "reviews.plan_meetings",
        "schedule": 600.0,
        "options": {"expires": 600.0},
    },
    "oversight.mail_checkpoints": {
        "task": "oversight.mail_checkpoints",
        "schedule": 300.0,
        "options": {"expires": 300.0},
    },
    "webhooks.look_at_the_clock": {
        "task": "webhooks.look_at_the_clock",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "webhooks.forget": {"task": "webhooks.forget", "schedule": 24 * 3600.0},
    "oversight.keep_up": {"task": "oversight.keep_up", "schedule": 60.0, "options": {"expires": 60.0}},
    "oversight.sweep_bundles": {
        "task": "oversight.sweep_bundles",
        "schedule": 300.0,
        "options": {"expires": 300.0},
    },
    "reviews.deadlines": {"task": "reviews.deadlines", "schedule": 60.0, "options": {"expires": 60.0}},
    "reminders.plan": {"task": "reminders.plan", "schedule": 60.0, "options": {"expires": 60.0}},
    "reminders.plan_weekly": {
        "task": "reminders.plan_weekly",
        "schedule": 300.0,
        "options": {"expires": 300.0},
    },
}
