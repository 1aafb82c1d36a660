select
    lever_id,
    example,
    counter_example
from {{ ref('action_rules') }}
where
    not regexp_matches({{ folded_text('example') }}, words)
    or regexp_matches({{ folded_text('example') }}, unless)
    or (
        regexp_matches({{ folded_text('counter_example') }}, words)
        and not regexp_matches({{ folded_text('counter_example') }}, unless)
    )
