-- What the law asks of a territory: what applies first, then what hangs on a condition, then what does not apply.
with served as (
    select
        territoire_id,
        obligation_id,
        unnest(string_split(leviers, ' ')) as levier_id
    from vues.fait_obligation
),

named as (
    select
        served.territoire_id,
        served.obligation_id,
        list({
            'id': levier_id,
            'nom': levers.levier,
            'a_une_page': levier_id in (select readings.levier_id from vues.fait_lecture as readings)
        } order by levers.levier) as leviers
    from served
    inner join vues.dim_levier as levers using (levier_id)
    group by served.territoire_id, served.obligation_id
)

select
    obligations.territoire_id,
    obligations.obligation,
    obligations.demande,
    obligations.reponse,
    obligations.reponse_libelle,
    obligations.est_applicable,
    obligations.condition,
    obligations.territoires_vises,
    obligations.type_juridique,
    obligations.population,
    obligations.seuil_population,
    obligations.article,
    obligations.adresse,
    obligations.texte_du,
    obligations.est_verifie,
    obligations.reserve,
    coalesce(named.leviers, []) as leviers
from vues.fait_obligation as obligations
left join named using (territoire_id, obligation_id)
order by
    obligations.territoire_id,
    case when obligations.est_applicable then 0 when obligations.est_applicable is null then 1 else 2 end,
    obligations.ordre
