"""The dossier of a request: its questions, what answers they take, and which of them files answer already.

Server and command line read the same modules, so that both ask the same and refuse the same.
"""
