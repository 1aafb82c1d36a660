select
    -- The lists have no key, and a few rows are the same twice: each is a project of its own.
    md5(concat_ws(
        '|', year, grant_kind, beneficiary_departement, beneficiary_siren, beneficiary_name, project, cost,
        grant_amount,
        row_number() over (
            partition by
                year, grant_kind, beneficiary_departement, beneficiary_siren, beneficiary_name, project, cost,
                grant_amount
        )
    )) as action_id,
    cast(year as integer) as year,
    grant_kind,
    beneficiary_kind,
    beneficiary_siren,
    case
        when beneficiary_departement in ('20A', '20B') then '2' || right(beneficiary_departement, 1)
        when beneficiary_departement like '0%' then right(beneficiary_departement, 2)
        else beneficiary_departement
    end as departement_code,
    {{ folded_name('beneficiary_name') }} as beneficiary_key,
    commune_code,
    project,
    cast(cost as decimal(18, 2)) as cost_eur,
    cast(grant_amount as decimal(18, 2)) as grant_eur,
    snapshot_id
from {{ source('raw_dgcl', 'dgcl_investment_grants') }}
