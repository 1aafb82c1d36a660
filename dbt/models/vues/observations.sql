select
    observed.niveau,
    territories.niveau_libelle,
    observed.code_territoire,
    observed.territoire,
    split_part(territories.region_id, ':', 2) as code_region,
    case
        when territories.deborde_de_la_region then 'déborde de la région'
        else 'dans la région'
    end as perimetre,
    coalesce(links.levier_id, 'aucun') as levier_id,
    coalesce(links.levier, 'Aucun levier (contexte)') as levier,
    coalesce(links.rang = 1, false) as est_indicateur_principal,
    links.thematique,
    links.chantier,
    observed.indicateur_id,
    indicators.short_code as code_indicateur,
    observed.indicateur,
    observed.annee,
    observed.date_observation,
    observed.valeur,
    observed.unite,
    observed.statut_valeur,
    observed.nature_valeur,
    observed.completude_pct,
    observed.est_provisoire,
    observed.confiance,
    observed.reserves,
    observed.jeu_id,
    observed.jeu,
    observed.source,
    observed.licence,
    observed.fichier_id
from {{ ref('fait_observation') }} as observed
inner join {{ ref('dim_territoire') }} as territories on observed.territoire_id = territories.territoire_id
inner join {{ ref('dim_indicator') }} as indicators on observed.indicateur_id = indicators.indicator_id
left join {{ ref('pont_levier_indicateur') }} as links
    on
        observed.indicateur_id = links.indicateur_id
        and links.role = 'measure'
