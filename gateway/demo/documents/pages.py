"""The pages of HTML the store shows instead of documents, in the encoding of their time."""

CONTENT_TYPE = "text/html; charset=windows-1252"

NOT_FOUND = (
    "<html><head><title>404</title></head><body><h1>Document introuvable</h1>"
    "<p>Le document demandé n’existe pas ou n’a pas encore été déposé.</p></body></html>\n"
).encode("cp1252")

ERROR = (
    "<html><head><title>GED</title></head><body><h1>Une erreur est survenue</h1>"
    "<p>Espace de stockage indisponible. Contactez l’exploitation, référence « œ-0412 ».</p></body></html>\n"
).encode("cp1252")
