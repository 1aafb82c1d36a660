{#- Of the series that measure a lever, the rate that says most at a level: of those that half of its
territories have at least, the one that is read in the region, then the one that is not raw, then by rank,
then in the unit of the one that is read, then the latest, then the one that most have. -#}
with places as (
    select
        territoire_id,
        niveau
    from {{ ref('dim_territoire') }}
    where niveau <> 'commune'
),

sizes as (
    select
        niveau,
        count(*) as place_count
    from places
    group by niveau
),

-- Of several regions, what most of them read.
read_in_region as (
    select
        readings.levier_id,
        readings.indicateur_id as indicator_id,
        indicators.compared_unit_fr as unit
    from {{ ref('fait_lecture') }} as readings
    inner join {{ ref('dim_indicator') }} as indicators on readings.indicateur_id = indicators.indicator_id
    where readings.niveau = 'region'
    group by readings.levier_id, readings.indicateur_id, indicators.compared_unit_fr
    qualify
        row_number() over (
            partition by readings.levier_id order by count(*) desc, readings.indicateur_id asc
        ) = 1
),

measured as (
    select
        links.levier_id,
        links.levier,
        rates.niveau,
        rates.indicateur_id,
        rates.unite,
        links.est_brute,
        links.rang,
        max(rates.annee) as annee,
        count(*) as known,
        max(abs(rates.valeur)) as largest
    from {{ ref('pont_levier_indicateur') }} as links
    inner join {{ ref('fait_valeur_comparee') }} as rates on links.indicateur_id = rates.indicateur_id
    inner join places on rates.territoire_id = places.territoire_id
    where links.role = 'measure'
    group by all
)

select
    measured.levier_id,
    measured.levier,
    measured.niveau,
    {{ label_fr('territory_level', 'measured.niveau') }} as niveau_libelle,
    measured.indicateur_id,
    indicators.label_fr as indicateur,
    coalesce(indicators.short_name_fr, indicators.label_fr) as nom,
    measured.unite,
    greatest(
        0, case when measured.largest >= 1 then 2 else 1 end - floor(log10(nullif(measured.largest, 0)))
    )::integer as decimales,
    measured.annee,
    measured.annee > max(measured.annee) over () - {{ threshold('too_old_age') }} as est_recent,
    measured.known as territoires_connus,
    sizes.place_count as territoires
from measured
inner join sizes on measured.niveau = sizes.niveau
inner join {{ ref('dim_indicator') }} as indicators on measured.indicateur_id = indicators.indicator_id
left join read_in_region as shown on measured.levier_id = shown.levier_id
where 2 * measured.known >= sizes.place_count
qualify
    row_number() over (
        partition by measured.levier_id, measured.niveau
        order by
            measured.indicateur_id is distinct from shown.indicator_id,
            measured.est_brute asc,
            measured.rang asc,
            measured.unite is distinct from shown.unit,
            measured.annee desc,
            measured.known desc,
            measured.indicateur_id asc
    ) = 1
