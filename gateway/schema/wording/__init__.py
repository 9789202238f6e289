"""Every sentence a person reads, in their language. Codes are the API; sentences may be reworded freely."""

from gateway.schema.wording.base import Language, Wording
from gateway.schema.wording.english import English
from gateway.schema.wording.french import French

__all__ = ["Language", "Wording", "wording_for"]

_WORDINGS: dict[Language, Wording] = {Language.FRENCH: French(), Language.ENGLISH: English()}


def wording_for(language: Language) -> Wording:
    """The catalogue of a language."""
    return _WORDINGS[language]
