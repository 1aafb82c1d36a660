-- INSEE repeats an event for each pair of commune types, and lists changes of name: only what moves a
-- commune's territory or code is kept.
with movements as (
    select * from {{ source('raw_insee', 'insee_cog_movements') }}
)

select distinct
    date_eff as event_date,
    com_av as from_code,
    com_ap as to_code
from movements
where
    typecom_av = 'COM'
    and typecom_ap = 'COM'
    and mod in ('20', '21', '30', '31', '32', '33', '34', '41', '50')
