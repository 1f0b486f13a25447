"""The recipe of the shipped bundle: data, network, fitting, calibration and export.

Only this package imports torch and transformers (extra `train`); see README.md beside it for what
was tried and what it gave.
"""
