-- The rate that says most of each lever and level, with the territories that have it: those of other
-- regions beside a region.
with regions as (
    select count(*) as nombre
    from vues.dim_territoire
    where niveau = 'region'
)

select
    rates.levier_id,
    rates.niveau,
    rates.indicateur_id,
    rates.indicateur,
    rates.nom,
    rates.unite,
    rates.annee,
    rates.decimales,
    list_sort(list(distinct files.jeu_id || '/' || files.fichier)) as fichiers,
    list({
        'territoire_id': compared.territoire_id,
        'territoire': compared.territoire,
        'valeur': compared.valeur,
        'est_partielle': not compared.est_entiere,
        'est_ici': rates.niveau = 'region' and places.territoire_id is not null and regions.nombre = 1
    } order by places.territoire_id is null, compared.territoire) as territoires,
    count(*) as nombre
from made."taux_choisis.sql" as rates
inner join vues.fait_valeur_comparee as compared
    on rates.indicateur_id = compared.indicateur_id and rates.niveau = compared.niveau
left join vues.fait_source as files on compared.fichier_id = files.fichier_id
left join vues.dim_territoire as places on compared.territoire_id = places.territoire_id
cross join regions
where places.territoire_id is not null or rates.niveau = 'region'
group by all
order by rates.levier_id, rates.niveau
