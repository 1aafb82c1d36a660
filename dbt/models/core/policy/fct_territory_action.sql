with rules as (
    select *
    from {{ ref('action_rules') }}
    where found_right >= {{ threshold('least_rule_precision') }} * drawn
),

matched as (
    select
        projects.action_id,
        min_by(rules.lever_id, rules.rule_order) as lever_id
    from {{ ref('int_projects_located') }} as projects
    inner join rules on {{ follows_rule('projects.project', 'rules') }}
    group by projects.action_id
)

select
    projects.action_id,
    projects.territory_level,
    projects.territory_code,
    projects.epci_code,
    projects.departement_code,
    matched.lever_id,
    projects.year,
    'unknown' as status,
    projects.grant_kind,
    projects.project,
    projects.cost_eur,
    projects.grant_eur,
    'dgcl_investment_grants' as dataset_id,
    projects.snapshot_id
from {{ ref('int_projects_located') }} as projects
left join matched on projects.action_id = matched.action_id
