"""Addresses of the oversight app."""

from django.urls import URLPattern, URLResolver, path

from oversight.views import bundles, engagements, erasing, events, log, log_state, samples, story, taking

app_name = "oversight"
urlpatterns: list[URLPattern | URLResolver] = [
    path("log/", log.explorer, name="log"),
    path("log/export", log.export_log, name="export"),
    path("log/<int:event_id>/", events.event, name="event"),
    path("log/<int:event_id>/bytes", events.exact_bytes, name="exact_bytes"),
    path("log/<int:event_id>/proof", events.proof, name="proof"),
    path("log/<int:event_id>/erase", erasing.erase_values, name="erase_values"),
    path("log/object/<str:label>/<str:object_id>/", story.object_story, name="story"),
    path("log/state/", log_state.state_page, name="log_state"),
    path("log/verify", log_state.verify, name="verify_log"),
    path("log/reconcile", log_state.reconcile, name="reconcile"),
    path("log/checkpoint", log_state.newest_checkpoint, name="checkpoint"),
    path("log/checkpoints/", log_state.checkpoint_list, name="checkpoints"),
    path("log/checkpoints/<int:checkpoint_id>", log_state.checkpoint, name="earlier_checkpoint"),
    path("log/erasures/", erasing.erasures, name="erasures"),
    path("log/erasures/people/<int:person_id>/", erasing.erase_person, name="erase_person"),
    path("engagements/", engagements.engagement_list, name="engagements"),
    path("engagements/new", engagements.new_engagement, name="new_engagement"),
    path("engagements/<int:engagement_id>/", engagements.engagement_page, name="engagement"),
    path(
        "engagements/<int:engagement_id>/history", engagements.engagement_history, name="engagement_history"
    ),
    path("engagements/<int:engagement_id>/end", engagements.end_engagement, name="end_engagement"),
    path("engagements/<int:engagement_id>/samples", samples.draw_sample, name="draw_sample"),
    path("engagements/<int:engagement_id>/bundles", bundles.engagement_bundles, name="engagement_bundles"),
    path("engagements/<int:engagement_id>/events.xlsx", taking.take_events, name="take_events"),
    path("engagements/<int:engagement_id>/requests.xlsx", taking.take_requests, name="take_requests"),
    path("engagements/samples/<int:sample_id>/", samples.show_sample, name="sample"),
    path("engagements/samples/<int:sample_id>/drawn-from.txt", samples.population, name="sample_population"),
    path("engagements/samples/<int:sample_id>/sample.xlsx", samples.take_sample, name="take_sample"),
    path("engagements/samples/<int:sample_id>/items/<int:item_id>", samples.note_item, name="note_item"),
    path("engagements/bundles/<int:bundle_id>/file", bundles.bundle_file, name="bundle"),
    path("log/policy", bundles.log_policy, name="log_policy"),
    path("requests/<str:reference>/bundles", bundles.request_bundles, name="request_bundles"),
]
