"""The sample organisation: an invented laboratory with a year of work, made only by calling the services.

Its story is data (`content/`): who does what, on which working day before today. Each act is a step with a marker in
its transaction, so that a run that was killed goes on where it stood.
"""
