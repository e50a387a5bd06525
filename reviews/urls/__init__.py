"""Addresses of the reviews app: requests and what belongs to them by reference, and boards by short name."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from reviews.selectors.figures.pictures import PICTURES
from reviews.views import (
    answering,
    ballots,
    board_review,
    boards,
    chasing,
    comparing,
    conditions,
    dossier,
    drafting,
    figures,
    importing,
    interests,
    motions,
    policies,
    presence,
    proposing,
    questions,
    releasing,
    renewing,
    request,
    requests,
    signing,
    similar,
    talking,
    threads,
    triage,
    triage_rules,
)
from reviews.views import questions_drafts as drafts

app_name = "reviews"


class PictureConverter:
    """The short name of a picture of all requests."""

    regex = "|".join(PICTURES)

    def to_python(self, value: str) -> str:
        """Return the name."""
        return value

    def to_url(self, value: str) -> str:
        """Return the name."""
        return value


register_converter(PictureConverter, "picture")

REQUEST: list[URLPattern | URLResolver] = [
    path("", request.show_request, name="request"),
    path("history/", request.show_history, name="history"),
    path("readiness/", request.show_readiness, name="readiness"),
    path("similar/", similar.show_similar, name="similar"),
    path("remind/", chasing.remind, name="remind"),
    path("dates/", chasing.show_dates, name="dates"),
    path("dates/<str:kind>/<int:thing_id>/", chasing.change_date, name="change_date"),
    path("compare/", comparing.compare_revisions, name="compare"),
    path("discuss/", talking.discuss, name="discuss"),
    path("discuss/people/", threads.people_to_name, name="people_to_name"),
    path("discuss/preview/", threads.preview, name="preview"),
    path("comments/<int:comment_id>/settle/", threads.settle_comment, name="settle_comment"),
    path("comments/<int:comment_id>/reopen/", threads.reopen_comment, name="reopen_comment"),
    path("notes/<int:note_id>/erase/", threads.erase_note, name="erase_note"),
    path("questions/<int:question_id>/answer/", talking.answer_question, name="answer_question"),
    path("questions/<int:question_id>/withdraw/", talking.withdraw_question, name="withdraw_question"),
    path("blocks/<int:block_id>/clear/", talking.clear_block, name="clear_block"),
    path("blocks/<int:block_id>/affirm/", talking.affirm_block, name="affirm_block"),
    path("interests/", interests.show_interests, name="interests"),
    path("interests/declare/", interests.declare, name="declare_interest"),
    path("interests/recuse/", interests.recuse, name="recuse"),
    path("interests/<int:declaration_id>/judge/", interests.judge, name="judge_interest"),
    path("boards/<slug:board>/", board_review.show_review, name="board_review"),
    path("boards/<slug:board>/position/", board_review.position, name="position"),
    path("boards/<slug:board>/affirm/", board_review.affirm, name="affirm_position"),
    path("boards/<slug:board>/block/", board_review.block, name="block"),
    path("boards/<slug:board>/defer/", board_review.defer, name="defer"),
    path("boards/<slug:board>/resume/", board_review.resume, name="resume"),
    path("boards/<slug:board>/deliberate/", board_review.deliberate, name="deliberate"),
    path("boards/<slug:board>/move/", motions.move, name="move"),
    path("motions/<int:motion_id>/second/", motions.second, name="second_motion"),
    path("motions/<int:motion_id>/withdraw/", motions.withdraw, name="withdraw_motion"),
    path("motions/<int:motion_id>/ballot/", motions.open_ballot, name="open_ballot"),
    path("ballots/<int:number>/", ballots.show_ballot, name="ballot"),
    path("ballots/<int:number>/vote/", ballots.cast, name="vote"),
    path("ballots/<int:number>/close/", ballots.close, name="close_ballot"),
    path("ballots/<int:number>/attendance/", ballots.attend, name="attendance"),
    path("ballots/<int:number>/enter/", ballots.enter, name="enter_vote"),
    path("sign/", signing.sign, name="sign"),
    path("sign/refuse/", signing.refuse, name="refuse_to_sign"),
    path("release/", releasing.release, name="release"),
    path("suspend/", releasing.suspend, name="suspend"),
    path("suspension/", releasing.show_suspension, name="suspension"),
    path("withdraw-approval/", releasing.withdraw_approval, name="withdraw_approval"),
    path("conditions/<int:number>/", conditions.show_condition, name="condition"),
    path("conditions/<int:number>/verify/", conditions.verify, name="verify_condition"),
    path("conditions/<int:number>/files/<int:file_id>/", conditions.evidence, name="condition_file"),
]

DOSSIER: list[URLPattern | URLResolver] = [
    path("dossier/", dossier.dossier, name="dossier"),
    path("dossier/answers/<slug:question>/", answering.answer, name="answer"),
    path("dossier/answers/<slug:question>/files/", answering.attach, name="attach"),
    path("dossier/answers/<slug:question>/uploads/", answering.begin, name="begin_upload"),
    path("dossier/files/<int:file_id>/remove/", answering.detach, name="detach"),
    path("dossier/proposals/", proposing.take_topic, name="take_proposals"),
    path("dossier/proposals/<int:proposal_id>/", proposing.take, name="take_proposal"),
    path("dossier/here/", presence.presence, name="presence"),
    path("dossier/manifest/", drafting.manifest, name="dossier_manifest"),
    path("dossier/people/", drafting.contributors, name="contributors"),
    path("dossier/people/<int:person_id>/end/", drafting.end_part, name="end_part"),
    path("dossier/questions/", renewing.renew, name="renew_questions"),
    path("dossier/purpose/", drafting.purpose, name="purpose"),
    path("dossier/submit/", dossier.submit, name="submit"),
    path("import/", importing.import_files, name="import"),
    path("import/propose/", importing.propose_found, name="propose"),
    path("files/<int:file_id>/", answering.dossier_file, name="dossier_file"),
    path("withdraw/", dossier.withdraw, name="withdraw"),
    path("triage/", triage.triage, name="triage"),
    path("triage/return/", triage.send_back, name="send_back"),
    path("triage/accept/", triage.accept, name="accept"),
    path("triage/route/", triage.route, name="route"),
]

BOARDS: list[URLPattern | URLResolver] = [
    path("", boards.list_boards, name="boards"),
    path("new/", boards.make_board, name="make_board"),
    path("<slug:board>/", boards.show_board, name="board"),
    path("<slug:board>/policy/", policies.change_policy, name="change_policy"),
    path("<slug:board>/policy/<int:version>/", policies.show_policy, name="policy"),
    path("<slug:board>/seats/", boards.give_seat, name="give_seat"),
    path("<slug:board>/seats/<int:seat_id>/end/", boards.end_seat, name="end_seat"),
    path("<slug:board>/grants/", boards.let_keep, name="let_keep"),
    path(
        "<slug:board>/grants/<int:person_id>/<slug:permission>/end/", boards.end_keeping, name="end_keeping"
    ),
]

QUESTIONS: list[URLPattern | URLResolver] = [
    path("", questions.list_versions, name="questions"),
    path("versions/<str:version>/", questions.show_version, name="questions_version"),
    path("versions/<str:version>/file/", questions.version_file, name="questions_file"),
    path("versions/<str:version>/draft/", questions.draft, name="draft_questions"),
    path("versions/<str:version>/use/", questions.use, name="use_questions"),
    path("versions/<str:version>/retire/", questions.retire, name="retire_questions"),
    path("drafts/<int:draft_id>/", drafts.show_draft, name="questions_draft"),
    path("drafts/<int:draft_id>/file/", drafts.source, name="questions_source"),
    path("drafts/<int:draft_id>/move/", drafts.move, name="move_question"),
    path("drafts/<int:draft_id>/preview/", drafts.preview_draft, name="preview_questions"),
    path("drafts/<int:draft_id>/publish/", drafts.publish, name="publish_questions"),
    path("drafts/<int:draft_id>/discard/", drafts.discard, name="discard_questions"),
    path("drafts/<int:draft_id>/topics/<int:topic>/", drafts.topic, name="edit_topic"),
    path(
        "drafts/<int:draft_id>/topics/<int:topic>/questions/<int:question>/",
        drafts.question,
        name="edit_question",
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("requests/", requests.list_requests, name="requests"),
    path("requests/new/", drafting.new_request, name="new_request"),
    path("requests/figures/<picture:picture>/", figures.show_picture, name="figures"),
    path("requests/figures/<picture:picture>.csv", figures.download_picture, name="figures_csv"),
    path("requests/<str:reference>/", include(REQUEST + DOSSIER)),
    path("triage-rules/", triage_rules.show_rules, name="triage_rules"),
    path("triage-rules/<int:version>/", triage_rules.show_rules_version, name="triage_rules_version"),
    path("triage-rules/change/", triage_rules.change_rules, name="change_triage_rules"),
    path("boards/", include(BOARDS)),
    path("questions/", include(QUESTIONS)),
    path("", include("reviews.urls.after")),
    path("", include("reviews.urls.clocks")),
    path("", include("reviews.urls.letters")),
    path("", include("reviews.urls.meetings")),
    path("", include("reviews.urls.panels")),
    path("", include("reviews.urls.procedures")),
    path("", include("reviews.urls.standing_in")),
]
