-- The tables of IMMO-GEST. Table names are the vendor's own, in French.

CREATE TABLE parametre (nom TEXT PRIMARY KEY, valeur TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE agence (
    code TEXT PRIMARY KEY, nom TEXT NOT NULL, adr_1 TEXT NOT NULL, adr_2 TEXT NOT NULL, voie TEXT NOT NULL,
    code_postal TEXT NOT NULL, ville TEXT NOT NULL, insee TEXT NOT NULL, tel TEXT NOT NULL, horaires TEXT NOT NULL,
    conditions TEXT NOT NULL, acces_pmr TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE horaire_special (
    agence TEXT NOT NULL, rang INTEGER NOT NULL, dat_deb INTEGER NOT NULL, dat_fin INTEGER NOT NULL,
    lib TEXT NOT NULL, horaires TEXT NOT NULL, PRIMARY KEY (agence, rang)
) WITHOUT ROWID;

CREATE TABLE conseiller (
    code TEXT PRIMARY KEY, nom TEXT NOT NULL, prenom TEXT NOT NULL, fonction TEXT NOT NULL, tel TEXT NOT NULL,
    agence TEXT NOT NULL, dat_fin_absence INTEGER NOT NULL, remplacant TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE information (
    numero TEXT PRIMARY KEY, titre TEXT NOT NULL, texte TEXT NOT NULL, gravite TEXT NOT NULL,
    dat_deb TEXT NOT NULL, dat_fin TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE conseil (
    numero TEXT PRIMARY KEY, titre TEXT NOT NULL, texte TEXT NOT NULL, theme TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE locataire (
    numero TEXT PRIMARY KEY, lib_nom TEXT NOT NULL, lib_prenom TEXT NOT NULL, dat_naiss INTEGER NOT NULL,
    tel_1 TEXT NOT NULL, tel_2 TEXT NOT NULL, tel_3 TEXT NOT NULL, mel TEXT NOT NULL
) WITHOUT ROWID;

-- solde_stocke: balance at the last arrêté; ecart: what no line explains; montant_illisible: shown in place of it.
CREATE TABLE compte (
    id INTEGER PRIMARY KEY, numero TEXT NOT NULL UNIQUE, cas TEXT NOT NULL, solde_stocke INTEGER NOT NULL,
    ecart INTEGER NOT NULL, montant_illisible TEXT NOT NULL
);

-- *_affiche: as a clerk once typed it, with spaces where they do not belong.
-- contacts: JSON list of [type, nom, tel, objet, disponibilite].
CREATE TABLE contrat (
    id INTEGER PRIMARY KEY, numero TEXT NOT NULL UNIQUE, compte INTEGER NOT NULL REFERENCES compte,
    numero_affiche TEXT NOT NULL, compte_affiche TEXT NOT NULL, etat TEXT NOT NULL, dat_effet INTEGER NOT NULL,
    dat_resil INTEGER NOT NULL, dat_preavis INTEGER NOT NULL, terme TEXT NOT NULL, num_logement TEXT NOT NULL,
    nature TEXT NOT NULL, typologie TEXT NOT NULL, surface TEXT NOT NULL, etage TEXT NOT NULL,
    residence TEXT NOT NULL, adr_1 TEXT NOT NULL, adr_2 TEXT NOT NULL, voie TEXT NOT NULL,
    code_postal TEXT NOT NULL, ville TEXT NOT NULL, insee TEXT NOT NULL, conseiller TEXT NOT NULL,
    agence TEXT NOT NULL, contacts BLOB NOT NULL
);

CREATE TABLE partie (
    contrat INTEGER NOT NULL REFERENCES contrat, rang INTEGER NOT NULL, locataire TEXT NOT NULL,
    role TEXT NOT NULL, dat_deb INTEGER NOT NULL, dat_fin INTEGER NOT NULL, PRIMARY KEY (contrat, rang)
) WITHOUT ROWID;

-- The tenants' sub-ledger (411). piece: voucher; the other legs of the voucher are in mouvement.
CREATE TABLE ecriture (
    compte INTEGER NOT NULL REFERENCES compte, dat_valeur INTEGER NOT NULL, numero INTEGER NOT NULL,
    piece INTEGER NOT NULL, saisie INTEGER NOT NULL, cents INTEGER NOT NULL, code TEXT NOT NULL,
    lib TEXT NOT NULL, periode INTEGER NOT NULL, contrat TEXT NOT NULL, mode TEXT NOT NULL,
    annule TEXT NOT NULL, exigible INTEGER NOT NULL, PRIMARY KEY (compte, dat_valeur, numero)
) WITHOUT ROWID;

-- compte: set when the general account is one of the tenant's own (411000, 416000).
CREATE TABLE mouvement (
    id INTEGER PRIMARY KEY, piece INTEGER NOT NULL, compte_general TEXT NOT NULL, compte INTEGER,
    cents INTEGER NOT NULL
);

-- Lines written since the last arrêté, whose accounts must be struck again.
CREATE TABLE a_arreter (compte INTEGER NOT NULL, saisie INTEGER NOT NULL);

-- lignes: JSON list of [code, label, signed cents, lease, volume, cents per cubic metre].
CREATE TABLE avis (
    compte INTEGER NOT NULL REFERENCES compte, periode INTEGER NOT NULL, numero TEXT NOT NULL,
    dat_emission INTEGER NOT NULL, dat_echeance INTEGER NOT NULL, etat TEXT NOT NULL, remplacant TEXT NOT NULL,
    solde_anterieur INTEGER NOT NULL, total_mois INTEGER NOT NULL, net_a_payer INTEGER NOT NULL,
    dat_prelevement INTEGER NOT NULL, lignes BLOB NOT NULL, PRIMARY KEY (compte, periode, numero)
) WITHOUT ROWID;

CREATE TABLE compteur (
    id INTEGER PRIMARY KEY, contrat INTEGER NOT NULL REFERENCES contrat, numero TEXT NOT NULL,
    fluide TEXT NOT NULL, emplacement TEXT NOT NULL, telereleve TEXT NOT NULL, nb_chiffres INTEGER NOT NULL,
    dat_pose INTEGER NOT NULL, dat_depose INTEGER NOT NULL
);

CREATE TABLE releve (
    compteur INTEGER NOT NULL REFERENCES compteur, dat_releve INTEGER NOT NULL, rang INTEGER NOT NULL,
    indice TEXT NOT NULL, origine TEXT NOT NULL, PRIMARY KEY (compteur, dat_releve, rang)
) WITHOUT ROWID;

CREATE TABLE intervention (
    id INTEGER PRIMARY KEY, numero TEXT NOT NULL UNIQUE, titre TEXT NOT NULL, descriptif TEXT NOT NULL,
    etat TEXT NOT NULL, portee TEXT NOT NULL, impacts TEXT NOT NULL, dat_deb INTEGER NOT NULL,
    dat_fin_prevue INTEGER NOT NULL, dat_fin_reelle INTEGER NOT NULL, entreprise TEXT NOT NULL,
    tel_entreprise TEXT NOT NULL, acces TEXT NOT NULL
);

CREATE TABLE intervention_contrat (
    contrat INTEGER NOT NULL REFERENCES contrat, intervention INTEGER NOT NULL REFERENCES intervention,
    PRIMARY KEY (contrat, intervention)
) WITHOUT ROWID;

CREATE TABLE suivi (
    intervention INTEGER NOT NULL REFERENCES intervention, rang INTEGER NOT NULL, dat_fait TEXT NOT NULL,
    dat_saisie TEXT NOT NULL, texte TEXT NOT NULL, PRIMARY KEY (intervention, rang)
) WITHOUT ROWID;

-- lignes: JSON list of [general account, signed cents].
CREATE TABLE encaissement (
    id INTEGER PRIMARY KEY, reference TEXT NOT NULL, etat TEXT NOT NULL, piece INTEGER NOT NULL DEFAULT 0,
    compte INTEGER NOT NULL REFERENCES compte, cents INTEGER NOT NULL, dat_valeur INTEGER NOT NULL,
    mode TEXT NOT NULL, saisie INTEGER NOT NULL, lignes BLOB NOT NULL
);
