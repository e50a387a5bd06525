"""Addresses of the compliance app."""

from django.urls import URLPattern, URLResolver, path

from compliance.views import (
    applicability,
    assessments,
    evidence,
    libraries,
    library_import,
    library_versions,
    pictures,
    schedules,
    year,
)

app_name = "compliance"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", year.year, name="year"),
    path("applies/", applicability.matrix, name="applies"),
    path("applies.csv", applicability.matrix_csv, name="applies_csv"),
    path("applies/<slug:code>/", applicability.organisation, name="applies_here"),
    path("applies/<slug:code>/versions/<int:version_id>/", applicability.version, name="applies_to_version"),
    path("applies/decisions/<int:decision_id>/end/", applicability.take_back, name="end_override"),
    path("controls/", pictures.controls, name="controls"),
    path("controls.csv", pictures.controls_csv, name="controls_csv"),
    path("overdue/", pictures.overdue, name="overdue"),
    path("overdue.csv", pictures.overdue_csv, name="overdue_csv"),
    path("expiring/", pictures.expiring, name="expiring"),
    path("expiring.csv", pictures.expiring_csv, name="expiring_csv"),
    path("checks/", year.check_list_page, name="check_list"),
    path("assessments/<int:assessment_id>/", assessments.assessment, name="assessment"),
    path("assessments/<int:assessment_id>/answers/<str:number>/", assessments.answer, name="answer"),
    path("assessments/<int:assessment_id>/evidence/<str:number>/", evidence.add, name="add_evidence"),
    path(
        "assessments/<int:assessment_id>/evidence/<str:number>/uploads/", evidence.begin, name="begin_upload"
    ),
    path("assessments/<int:assessment_id>/submit/", assessments.submit, name="submit"),
    path("assessments/<int:assessment_id>/accept/", assessments.accept, name="accept"),
    path("assessments/<int:assessment_id>/return/", assessments.give_back, name="return"),
    path("assessments/<int:assessment_id>/assign/", assessments.assign, name="assign"),
    path("assessments/<int:assessment_id>/due/", assessments.change_due, name="move_due"),
    path("assessments/<int:assessment_id>/content.json", assessments.content, name="content"),
    path("evidence/<int:evidence_id>/", evidence.download, name="evidence"),
    path("evidence/<int:evidence_id>/withdraw/", evidence.withdraw, name="withdraw_evidence"),
    path("schedules/", schedules.schedule_list, name="schedule_list"),
    path("schedules/new/", schedules.new, name="new_schedule"),
    path("schedules/preview/", schedules.preview, name="preview_schedule"),
    path("schedules/<int:schedule_id>/", schedules.schedule, name="schedule"),
    path("schedules/<int:schedule_id>/edit/", schedules.edit, name="edit_schedule"),
    path("schedules/<int:schedule_id>/pause/", schedules.pause, name="pause_schedule"),
    path("schedules/<int:schedule_id>/resume/", schedules.resume, name="resume_schedule"),
    path("schedules/<int:schedule_id>/end/", schedules.end, name="end_schedule"),
    path("libraries/", libraries.library_list, name="library_list"),
    path("libraries/<slug:code>/", libraries.library, name="library"),
    path("libraries/<slug:code>.csv", libraries.library_csv, name="library_csv"),
    path("libraries/<slug:code>/difference/", library_versions.compare, name="library_difference"),
    path("libraries/<slug:code>.json", library_versions.oscal, name="library_oscal"),
    path("library-import/", library_import.import_library, name="import_library"),
    path("library-import/keep/", library_import.keep_import, name="keep_import"),
    path("library-import/template.csv", library_import.import_template, name="import_template"),
    path("libraries/<slug:code>/open/", libraries.open_checklist, name="open_checklist"),
]
