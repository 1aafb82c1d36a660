select
    domain,
    code,
    label_fr
from {{ ref('code_labels') }}
union all
select
    'basis' as domain,
    basis as code,
    label_fr
from {{ ref('bases') }}
union all
select
    'path_of_basis' as domain,
    basis as code,
    path_fr as label_fr
from {{ ref('bases') }}
where path_fr is not null
union all
-- A lean has a row under its reading.
select
    case when code = reading then 'reading' else 'lean' end as domain,
    code,
    label_fr
from {{ ref('readings') }}
union all
select
    'decided_by' as domain,
    code,
    label_fr
from {{ ref('reading_rules') }}
union all
-- A reading means what its rows of the decision table say.
select
    'meaning_of_reading' as domain,
    reading as code,
    string_agg(label_fr, ' ' order by rule_order) as label_fr
from {{ ref('reading_rules') }}
group by reading
