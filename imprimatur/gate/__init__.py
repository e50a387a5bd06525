"""The release gate: whether a folder may be released by a signed decision, found out without a network.

`rules` judge values; everything else reads them: keys, decision and status list, the memory of numbers, the folder.
"""
