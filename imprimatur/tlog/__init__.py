"""The formats of the transparency log: tree, tiles, signed notes, checkpoints, proofs; each is written once, here."""
