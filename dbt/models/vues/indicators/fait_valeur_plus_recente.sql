select
    {{ lever_and_territory_columns('verdicts') }},
    verdicts.indicator_id as indicateur_juge_id,
    verdicts.latest_year as annee_jugee,
    links.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    newer.year as annee,
    newer.value as valeur,
    newer.dataset_id as jeu_id,
    newer.snapshot_id as fichier_id
from {{ ref('fct_lever_verdict') }} as verdicts
{{ join_lever_and_territory('verdicts') }}
inner join {{ ref('bridge_lever_indicator') }} as links
    on
        verdicts.lever_id = links.lever_id
        and verdicts.indicator_id <> links.indicator_id
        and links.role = 'measure'
left join {{ ref('bridge_lever_indicator') }} as judged
    on
        verdicts.lever_id = judged.lever_id
        and verdicts.indicator_id = judged.indicator_id
        and judged.role = 'measure'
inner join {{ ref('dim_indicator') }} as indicators on links.indicator_id = indicators.indicator_id
inner join {{ ref('fct_indicator_value') }} as newer
    on
        links.indicator_id = newer.indicator_id
        and {{ same_territory('verdicts', 'newer') }}
        and verdicts.latest_year < newer.year
where
    verdicts.is_shown
    and verdicts.reading <> 'not_judged'
    and verdicts.age > {{ threshold('recent_age') }}
    and links.priority <= coalesce(judged.priority, links.priority)
    and newer.value is not null
    and not newer.is_incomplete_year
    and not newer.is_anomalous
qualify
    row_number() over (
        partition by verdicts.lever_id, territoire_id
        order by newer.year desc, links.priority asc, links.indicator_id asc
    ) = 1
