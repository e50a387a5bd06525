"""Pages of compliance: the year, checks, checklists, schedules, libraries."""
