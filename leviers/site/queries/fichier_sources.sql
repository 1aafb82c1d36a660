-- The columns of the sheet of sources: a row per file behind the series of a lever in a territory. The first two are its
-- keys.
with shown as (
    select
        levier_id,
        territoire_id,
        indicateur_id
    from vues.cop_diagnostic
    where indicateur_id is not null
    union
    select
        levier_id,
        territoire_id,
        indicateur_id
    from vues.fait_lecture
    where indicateur_id is not null
)

select distinct
    shown.levier_id,
    shown.territoire_id,
    files.source as "attribution",
    files.jeu as "jeu de données",
    files.jeu_id as "identifiant",
    files.licence as "licence",
    files.adresse_licence as "adresse de la licence",
    files.page_du_jeu as "page du producteur",
    files.fichier as "fichier",
    files.recupere_le::date::varchar as "reçu le",
    files.empreinte_sha256 as "SHA-256"
from shown
inner join vues.fait_observation as observed using (indicateur_id, territoire_id)
inner join vues.fait_source as files using (fichier_id)
order by all
