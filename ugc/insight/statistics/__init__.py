"""How sure figures are: intervals, tests, shrinkage, regression, interrupted series."""
