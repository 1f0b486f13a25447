from __future__ import annotations

import inspect

import pytest

from ugc import errors


def test_all_lists_every_error_and_the_docstring_draws_it():
    defined = {
        name
        for name, thing in vars(errors).items()
        if inspect.isclass(thing) and thing.__module__ == errors.__name__
    }
    assert defined == set(errors.__all__)
    assert all(name in errors.__doc__ for name in defined)


def test_every_error_is_for_the_user():
    assert all(issubclass(getattr(errors, name), errors.UgcError) for name in errors.__all__)


def test_a_message_says_what_happened_and_what_mends_it():
    error = errors.LakeError("The lake is gone.", "Bring it back.")
    assert str(error) == "The lake is gone. Bring it back."
    assert (error.what, error.mend, error.exit_code) == ("The lake is gone.", "Bring it back.", 1)


@pytest.mark.parametrize("kind", [errors.InputError, errors.MappingError, errors.SettingsError])
def test_unusable_input_is_exit_code_two(kind):
    assert kind("x").exit_code == 2


def test_a_missing_extra_names_the_command():
    assert "pip install 'ugc[train]'" in str(errors.MissingExtra("torch", "train"))
