"""Words for what happens to messages: outcomes of attempts, reasons for which nothing is sent to an address."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from webhooks.outgoing.exchange import Outcome
from webhooks.rules.destination import BadDestination, Fault

OUTCOMES: Mapping[str, StrOrPromise] = {
    Outcome.ACCEPTED: gettext_lazy("The receiver accepted the message."),
    Outcome.GONE: gettext_lazy("The receiver answered that it is gone for good (410)."),
    Outcome.REDIRECTED: gettext_lazy("The receiver pointed to another address. Redirects are not followed."),
    Outcome.ANSWERED: gettext_lazy("The receiver did not accept the message."),
    Outcome.REFUSED: gettext_lazy("Nothing was sent, because of where the address leads."),
    Outcome.UNKNOWN_HOST: gettext_lazy("The name of the receiver could not be resolved."),
    Outcome.UNREACHABLE: gettext_lazy("No connection came about."),
    Outcome.TIMED_OUT: gettext_lazy("The receiver took longer than 15 seconds."),
    Outcome.CERTIFICATE: gettext_lazy("The certificate of the receiver is not valid for this address."),
    Outcome.NO_TLS: gettext_lazy("No encrypted connection came about."),
    Outcome.NO_HTTP: gettext_lazy("What came back is no answer of a web server."),
    Outcome.TOO_MUCH: gettext_lazy("The receiver sent more than anybody reads."),
}


FAULTS: Mapping[str, StrOrPromise] = {
    Fault.EMPTY: gettext_lazy("Enter the address of the receiver."),
    Fault.LONG: gettext_lazy("The address is longer than 1,000 characters."),
    Fault.SIGNS: gettext_lazy("The address has characters that do not belong there. Percent-encode them."),
    Fault.SCHEME: gettext_lazy("The address must begin with https://."),
    Fault.PLAIN: gettext_lazy(
        "The address must begin with https://. Messages go unencrypted only into networks of your own that whoever "
        "runs the server names."
    ),
    Fault.USER: gettext_lazy("Leave out name and password: the signature says who sends."),
    Fault.FRAGMENT: gettext_lazy("Leave out the part from # on: it is never sent."),
    Fault.HOST: gettext_lazy("This is not the name of a host."),
    Fault.NUMBERS: gettext_lazy("Write the name of the host, or its address as four numbers or in IPv6."),
    Fault.PORT: gettext_lazy(
        "Port {detail} is not allowed. IMPRIMATUR_WEBHOOK_PORTS names the ports that are."
    ),
    Fault.UNKNOWN: gettext_lazy("The name {detail} could not be resolved. Look whether it is written right."),
    Fault.PRIVATE: gettext_lazy(
        "The name leads to {detail}, which is not a public address. If that is meant, whoever runs the server names "
        "its network in IMPRIMATUR_WEBHOOK_NETWORKS."
    ),
}


def fault_sentence(fault: BadDestination) -> str:
    """Return what is wrong with an address, and what to do."""
    return str(FAULTS[fault.fault]).format(detail=fault.detail)


def fault_words(detail: str) -> str:
    """Return the sentence for the detail of an attempt that sent nothing; any other detail as it is."""
    name, _space, rest = detail.partition(" ")
    return str(FAULTS[name]).format(detail=rest) if name in FAULTS else detail
