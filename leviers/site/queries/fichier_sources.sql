-- The columns of the sheet of sources: a row per file behind the series of a lever in a territory. The
-- first two are its keys.
select distinct
    used.levier_id,
    used.territoire_id,
    files.source as "attribution",
    files.jeu as "jeu de données",
    files.jeu_id as "identifiant",
    files.licence as "licence",
    files.adresse_licence as "adresse de la licence",
    files.page_du_jeu as "page du producteur",
    files.fichier as "fichier",
    files.recupere_le::date::varchar as "reçu le",
    files.empreinte_sha256 as "SHA-256"
from vues.fait_serie_source as used
inner join vues.fait_source as files on used.fichier_id = files.fichier_id
order by all
