{{ config(tags=['star']) }}

select *
from {{ ref('fait_observation') }}
where est_la_derniere
