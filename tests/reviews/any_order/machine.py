"""All acts together."""

from tests.reviews.any_order.around import Around
from tests.reviews.any_order.ballot_acts import BallotActs
from tests.reviews.any_order.board_acts import BoardActs
from tests.reviews.any_order.decision_acts import DecisionActs
from tests.reviews.any_order.request_acts import RequestActs


class AnyOrder(RequestActs, BoardActs, BallotActs, DecisionActs, Around):
    """The life of requests in any order."""
