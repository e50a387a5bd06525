"""The bundle: what auditors take away, and check on their own machine without trusting ours."""
