-- A departement among the departements of its region, by the rate that comes first.
select
    chosen.territoire_id,
    rates.nom,
    rates.unite,
    rates.annee,
    rates.decimales,
    list(
        {
            'territoire': places.territoire,
            'valeur': compared.valeur,
            'est_ici': places.territoire_id = chosen.territoire_id,
            'est_partielle': not compared.est_entiere
        }
        order by places.territoire_id = chosen.territoire_id desc, places.territoire
    ) as territoires
from vues.fait_ordre as chosen
inner join vues.dim_territoire as own on chosen.territoire_id = own.territoire_id
inner join vues.dim_territoire as places on own.niveau = places.niveau and own.region_id = places.region_id
inner join vues.fait_taux as rates on chosen.levier_id = rates.levier_id and own.niveau = rates.niveau
left join vues.fait_valeur_comparee as compared
    on rates.indicateur_id = compared.indicateur_id and places.territoire_id = compared.territoire_id
where chosen.sujet = 'taux' and chosen.rang = 1 and own.niveau = 'departement'
group by chosen.territoire_id, rates.nom, rates.unite, rates.annee, rates.decimales
order by chosen.territoire_id
