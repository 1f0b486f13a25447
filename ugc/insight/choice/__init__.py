"""Which reviews a figure is about: filters, options, and the counts taken of them."""
