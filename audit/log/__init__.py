"""The transparency log over the trail: order, tree, signed heads, and the checks of all that."""
