select
    lever_id,
    example,
    counter_example
from {{ ref('action_rules') }} as rules
where
    not ({{ follows_rule('example', 'rules') }})
    or ({{ follows_rule('counter_example', 'rules') }})
