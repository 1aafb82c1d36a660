{#- In a national list of 2026, 26 EPCI cross two regions, 6 of them touch Occitanie, and 11 of its 164 EPCI
span two of its departements. -#}
with communes as (
    select * from {{ ref('dim_commune_year') }}
    where cog_year = 2026 and epci_code is not null
),

epci as (
    select
        epci_code,
        count(distinct region_code) as region_count,
        bool_or(region_code = '76') as touches_occitanie,
        count(distinct departement_code) filter (where region_code = '76') as occitanie_departement_count
    from communes
    group by epci_code
),

counts as (
    select
        count(*) filter (where region_count > 1) as cross_border_count,
        count(*) filter (where region_count > 1 and touches_occitanie) as occitanie_cross_border_count,
        count(*) filter (where occitanie_departement_count > 1) as two_departement_count
    from epci
)

select
    cross_border_count,
    occitanie_cross_border_count,
    two_departement_count
from counts
where
    (select count(distinct communes.region_code) from communes) = 18
    and not (cross_border_count = 26 and occitanie_cross_border_count = 6 and two_departement_count = 11)
