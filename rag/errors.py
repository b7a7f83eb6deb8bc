"""The one error a person is meant to read: a sentence in each language of the product."""


class UserError(Exception):
    """Something the person can act on. `str(error)` is the English sentence.

    Args:
        en: one English sentence that says what happened and what to do.
        ko: the same in Korean.
    """

    def __init__(self, en: str, ko: str) -> None:
        super().__init__(en)
        self.en = en
        self.ko = ko

    def __reduce__(self):  # crosses process boundaries (documents are parsed in a worker)
        return type(self), (self.en, self.ko)

    def message(self, language: str) -> str:
        """The sentence in `language` ("ko" or anything else for English)."""
        return self.ko if language == "ko" else self.en


class DocumentError(UserError):
    """A file that cannot be read, is too large, or holds no text."""


class IndexMissing(UserError):
    """A question came before anything was indexed."""


class ModelError(UserError):
    """Weights that cannot be found, fetched, verified or loaded."""


class QuestionError(UserError):
    """A question that is empty or too long."""
