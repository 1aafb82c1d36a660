select
    rules.lever_id,
    rules.example,
    rules.counter_example
from {{ ref('action_rules') }} as rules
where
    not ({{ follows_rule('rules.example', 'rules') }})
    or ({{ follows_rule('rules.counter_example', 'rules') }})
