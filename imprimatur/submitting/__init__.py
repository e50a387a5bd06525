"""From an `imprimatur.yaml` to a request on a server, in steps of which each may be run again."""
