select
    years.dataset_id,
    years.indicator_id,
    years.year,
    years.is_incomplete,
    years.is_part_of_year,
    years.counted,
    years.members,
    years.members_before,
    years.value_sum,
    years.value_sum_before,
    indicators.unit,
    unit_labels.label_fr as unit_label_fr,
    years.compared_with,
    years.year_before,
    case
        when years.is_part_of_year then 'La source ne couvre pas encore toute l''année.'
        when years.is_incomplete
            then 'Membres observés : ' || years.members || ', contre ' || years.members_before
        else 'Somme en baisse d''un tiers ou plus, sans que les membres manquent, par rapport à celle'
    end
    || case
        when years.is_part_of_year then ''
        when years.compared_with = 'edition' then ' de l''édition précédente.'
        when years.is_incomplete then ' en ' || years.year_before || '.'
        else ' de ' || years.year_before || '.'
    end as reason,
    if(years.counts_members, 'ce que la source nomme, par ', '')
    || {{ label_fr('territory_level', 'years.counted_level') }} as counted_label_fr,
    {{ label_fr('compared_with', 'years.compared_with') }} as compared_with_label_fr
from {{ ref('int_indicator_years_compared') }} as years
inner join {{ ref('indicators') }} as indicators on years.indicator_id = indicators.indicator_id
left join {{ ref('unit_labels') }} as unit_labels on indicators.unit = unit_labels.unit
where years.is_incomplete or years.is_sum_short
