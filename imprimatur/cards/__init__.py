"""Reading what others wrote about a model or a dataset: model cards, Croissant metadata, safetensors headers.

Nothing is concluded from what is read, no link is followed, and whatever the bytes are, the outcome is a `Card` or a
`CardFault` that names the place.
"""
