{% set sectors = ['residential', 'tertiary', 'industrial', 'agricultural', 'unknown'] %}

with operators as (
    {{ ore_operators() }}
),

consumption as (
    {% for sector in sectors %}
        select
            operator,
            year,
            energy,
            departement_code,
            region_code,
            '{{ sector }}_consumption' as measure,
            {{ sector }}_consumption * mwh_per_unit as mwh
        from operators
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Both years of each operator and sector; a sector without a value is as good as none.
years_of_operators as (
    select
        operator,
        energy,
        departement_code,
        region_code,
        measure,
        unnest([year, year + 1]) as change_year,
        unnest([0, mwh]) as mwh_before,
        unnest([mwh, 0]) as mwh_after
    from consumption
    where mwh > 0
),

span as (
    select
        min(year) + 1 as first_year,
        max(year) as last_year
    from consumption
),

changes as (
    select
        years_of_operators.operator,
        years_of_operators.energy,
        years_of_operators.departement_code,
        any_value(years_of_operators.region_code) as region_code,
        years_of_operators.measure,
        years_of_operators.change_year,
        sum(years_of_operators.mwh_before) as mwh_before,
        sum(years_of_operators.mwh_after) as mwh_after,
        sum(years_of_operators.mwh_after - years_of_operators.mwh_before) as mwh_change,
        sum(sum(years_of_operators.mwh_after - years_of_operators.mwh_before)) over (
            partition by
                years_of_operators.operator,
                years_of_operators.energy,
                years_of_operators.departement_code,
                years_of_operators.change_year
        ) as operator_change
    from years_of_operators
    inner join span
        on years_of_operators.change_year between span.first_year and span.last_year
    group by
        years_of_operators.operator,
        years_of_operators.energy,
        years_of_operators.departement_code,
        years_of_operators.measure,
        years_of_operators.change_year
),

-- Change that leaves one sector of an operator and enters its others.
explained as (
    select
        *,
        mwh_before = 0 or mwh_after = 0 as comes_or_goes,
        if(
            mwh_before > 0
            and mwh_after > 0
            and sign(mwh_change) = sign(mwh_change - operator_change)
            and abs(operator_change)
            <= {{ threshold('operator_total_share') }}
            * least(abs(mwh_change), abs(mwh_change - operator_change)),
            sign(mwh_change) * least(abs(mwh_change), abs(mwh_change - operator_change)),
            0
        ) as moved
    from changes
),

levels as (
    select
        energy || '/' || measure as series,
        unnest(['departement', 'region']) as territory_level,
        unnest([departement_code, region_code]) as territory_code,
        change_year as break_year,
        operator,
        mwh_before,
        mwh_after,
        comes_or_goes,
        mwh_change,
        moved
    from explained
),

summed as (
    select
        series,
        territory_level,
        territory_code,
        break_year,
        sum(mwh_before) as mwh_before,
        sum(mwh_after) as mwh_after,
        abs(sum(if(comes_or_goes, mwh_change, 0))) as come_or_gone,
        abs(sum(moved)) as moved,
        string_agg(distinct operator, ', ' order by operator) filter (where comes_or_goes) as operators
    from levels
    where territory_code is not null
    group by series, territory_level, territory_code, break_year
)

select
    series,
    territory_level,
    territory_code,
    break_year,
    concat_ws(
        ' ',
        if(
            come_or_gone >= {{ threshold('operator_share_of_value') }} * greatest(mwh_before, mwh_after),
            'Des opérateurs entrent dans la source ou en sortent (' || operators || ') : '
            || round(100 * come_or_gone / greatest(mwh_before, mwh_after))::integer || ' % de la valeur.',
            null
        ),
        if(
            moved >= {{ threshold('moved_share_of_value') }} * mwh_before,
            'Des consommateurs changent de secteur chez leur opérateur : '
            || round(100 * moved / mwh_before)::integer || ' % de la valeur d''avant.',
            null
        )
    ) as reason_fr,
    round(100 * (come_or_gone + moved) / least(mwh_before, mwh_after), 1) as broken_pct
from summed
where
    mwh_before > 0
    and mwh_after > 0
    and (
        come_or_gone >= {{ threshold('operator_share_of_value') }} * greatest(mwh_before, mwh_after)
        or moved >= {{ threshold('moved_share_of_value') }} * mwh_before
    )
