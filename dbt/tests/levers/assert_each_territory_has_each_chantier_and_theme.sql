-- Every territory has the 22 chantiers, the 6 themes and the whole; the 30 levers reach 12 and 5 of them.
select
    territory_level,
    territory_code,
    region_code,
    count(*) filter (where group_kind = 'chantier') as chantiers,
    count(*) filter (where group_kind = 'theme') as themes,
    count(*) filter (where group_kind = 'chantier' and lever_count > 0) as chantiers_reached,
    count(*) filter (where group_kind = 'theme' and lever_count > 0) as themes_reached,
    sum(lever_count) filter (where group_kind = 'chantier') as levers_tied
from {{ ref('fct_chantier_progress') }}
group by territory_level, territory_code, region_code
having
    chantiers <> 22
    or themes <> 6
    or levers_tied <> max(lever_count) filter (where group_kind = 'all')
    or (
        territory_level = 'pays'
        and (chantiers_reached <> 12 or themes_reached <> 5)
    )
