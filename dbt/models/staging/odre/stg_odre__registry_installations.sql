select
    commune_code,
    technology_family_code,
    regime,
    disconnected_on,
    reference_date,
    installed_power,
    installations,
    injected_energy,
    injected_energy_status,
    snapshot_id
from {{ source('raw_odre', 'odre_registry_installations') }}
