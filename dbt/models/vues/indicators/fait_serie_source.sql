with shown as (
    {{ series_shown() }}
),

terms as (
    select
        *,
        unnest(string_split(coalesce(composed_of, indicator_id), ' ; ')) as term_indicator_id
    from shown
)

select
    {{ lever_and_territory_columns('terms') }},
    terms.indicator_id as indicateur_id,
    terms.term_indicator_id as composante_id,
    indicators.label_fr as composante,
    min(published.year) as premiere_annee,
    max(published.year) as derniere_annee,
    files.dataset_id as jeu_id,
    files.attribution as source,
    files.licence_label_fr as licence,
    published.snapshot_id as fichier_id,
    files.file_name as fichier,
    files.sha256 as empreinte_sha256,
    files.retrieved_at_utc as recupere_le
from terms
{{ join_lever_and_territory('terms') }}
inner join {{ ref('dim_indicator') }} as indicators on terms.term_indicator_id = indicators.indicator_id
inner join {{ ref('fct_indicator_value') }} as published
    on
        terms.term_indicator_id = published.indicator_id
        and {{ same_territory('terms', 'published') }}
left join {{ ref('dim_snapshot') }} as files on published.snapshot_id = files.snapshot_id
group by all
