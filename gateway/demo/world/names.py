"""First names, family names, streets and estates to invent people and addresses from."""

WOMEN = (
    "Adèle", "Amina", "Anaïs", "Anne-Sophie", "Béatrice", "Camille", "Cécile", "Chloé", "Clémence",
    "Corinne", "Édith", "Élodie", "Fatima", "Françoise", "Gisèle", "Hélène", "Inès", "Jeanne", "Joëlle",
    "Karima", "Léa", "Louise", "Lucie", "Maëlle", "Marie-Claire", "Mathilde", "Nadège", "Noémie", "Odile",
    "Pauline", "Rose-Marie", "Salomé", "Sandrine", "Solène", "Thérèse", "Valérie", "Yasmine", "Zoé",
)  # fmt: skip
MEN = (
    "Adrien", "Ahmed", "Antoine", "Aurélien", "Bastien", "Benoît", "Cédric", "Clément", "Damien", "Éric",
    "Fabrice", "François", "Frédéric", "Gaël", "Gérard", "Hugo", "Jean-Luc", "Jean-Pierre", "Jérôme",
    "Joël", "Karim", "Loïc", "Lucas", "Ludovic", "Marcel", "Mathéo", "Nicolas", "Noël", "Olivier",
    "Pierre-Yves", "Quentin", "Raphaël", "Rémi", "René", "Sébastien", "Stéphane", "Théo", "Yann",
)  # fmt: skip
FAMILIES = (
    "Antoni", "Aubertin", "Bäumler", "Barthélemy", "Becker", "Ben Salah", "Bernède", "Bœuf", "Bourguignon",
    "Çelik", "Charpentier", "Colin", "Cuny", "D'Angelo", "Da Silva", "de La Roche", "Delacroix", "Dietsch",
    "Didierjean", "du Pré", "El Amrani", "Engelmann", "Ferreira", "Fischbach", "Gérardin", "Grandjean",
    "Guénot", "Haas", "Henriot", "Hœrner", "Humbert", "Jacquemin", "Kaczmarek", "Kieffer", "Klein",
    "Kowalczyk", "L'Hôte", "L'Huillier", "Lamarque", "Le Gall", "Léonard", "Lefèvre", "Mangin", "Marchal",
    "Mathis", "Mohr", "Müller", "N'Diaye", "Noël", "Nowak", "Oster", "Pérignon", "Petitjean", "Poirel",
    "Rémy", "Rinaldi", "Rösch", "Saint-Dizier", "Schaeffer", "Schmitt", "Simonin", "Sœur", "Steinmetz",
    "Thiébaut", "Thiriet", "Toussaint", "Vautrin", "Vigneron", "Wagner", "Weber", "Wernert", "Ymbert",
    "Zanetti", "Zimmer",
)  # fmt: skip
STREETS = (
    "allée des Marronniers", "avenue de la Liberté", "avenue du Général-Leclerc", "boulevard de la Seille",
    "chemin des Écoliers", "cours du Théâtre", "impasse du Lavoir", "passage de l'Œuvre",
    "place de la Mairie", "place du Marché", "rue aux Arènes", "rue de l'Abbé-Grégoire",
    "rue de la Chênaie", "rue de la Fontaine", "rue de la Mine", "rue des Forges", "rue des Jardins",
    "rue des Mésanges", "rue du Château-d'Eau", "rue du Puits", "rue Saint-Éloi", "rue Victor-Hugo",
    "square des Cerisiers", "rue du Haut-Fourneau",
)  # fmt: skip
ESTATES = (
    "Résidence des Tilleuls", "Résidence du Parc", "Les Hauts de la Moselle", "Le Clos Saint-Rémi",
    "Résidence Les Œillets", "La Cité Jardin", "Résidence Val-de-Fensch", "Les Quatre Saisons",
    "Résidence Bellevue", "Les Terrasses du Lac", "Le Grand Pré", "Résidence Sainte-Barbe",
)  # fmt: skip
