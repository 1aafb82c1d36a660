select levers.lever_id
from {{ ref('dim_lever') }} as levers
left join {{ ref('fct_lever_coverage') }} as coverage on levers.lever_id = coverage.lever_id
group by levers.lever_id
having
    count(*) filter (where coverage.has_series or coverage.reason is not null)
    <> (select count(*) from {{ ref('levels') }})
