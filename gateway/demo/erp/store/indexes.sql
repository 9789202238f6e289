-- Made after the first load: filling a table is faster without them.

CREATE INDEX contrat_compte ON contrat (compte);
CREATE INDEX partie_locataire ON partie (locataire);
CREATE INDEX compteur_contrat ON compteur (contrat);
CREATE INDEX mouvement_compte ON mouvement (compte, compte_general) WHERE compte IS NOT NULL;
CREATE INDEX encaissement_reference ON encaissement (reference);
