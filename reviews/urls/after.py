"""Addresses of what follows an approval: continuing reviews, amendments, renewals, conditions, incidents."""

from django.urls import URLPattern, URLResolver, include, path

from reviews.views import condition_people, continuing, following, incidents, pipeline

OF_REQUEST: list[URLPattern | URLResolver] = [
    path("continuing/<int:number>/", continuing.show_continuing, name="continuing"),
    path("continuing/<int:number>/return/", continuing.return_report, name="return_continuing"),
    path("boards/<slug:board>/take-up/", continuing.take_up, name="take_up"),
    path("boards/<slug:board>/lay-aside/", continuing.lay_aside, name="lay_aside"),
    path("amend/", following.amend, name="amend"),
    path("renew/", following.renew, name="renew"),
    path("pipeline/", pipeline.show_pipeline, name="pipeline"),
    path("approved/", following.compare_with_approved, name="against_approved"),
    path("conditions/<int:number>/people/", condition_people.reassign, name="reassign_condition"),
]

INCIDENTS: list[URLPattern | URLResolver] = [
    path("", incidents.list_incidents, name="incidents"),
    path("new/", incidents.raise_incident, name="raise_incident"),
    path("<int:number>/", incidents.show_incident, name="incident"),
    path("<int:number>/tell/", incidents.tell, name="tell_incident"),
    path("<int:number>/class/", incidents.classify, name="classify_incident"),
    path("<int:number>/filings/", incidents.file_report, name="file_incident"),
    path("<int:number>/close/", incidents.close, name="close_incident"),
    path("<int:number>/reopen/", incidents.reopen, name="reopen_incident"),
    path("<int:number>/suspend/", incidents.suspend, name="suspend_for_incident"),
    path("<int:number>/files/<int:file_id>/", incidents.evidence, name="incident_file"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("requests/<str:reference>/", include(OF_REQUEST)),
    path("compliance/incidents/", include(INCIDENTS)),
]
