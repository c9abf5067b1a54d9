"""Decides what the editors of a region may do: everything in their own tree and their own pictures, nothing elsewhere."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from marketplace.core import audit
from marketplace.regions.models import Membership, Region, Role
from marketplace.users.models import User

ON_PAGES = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
ON_FILES = (
    ("wagtailimages", ("add_image", "change_image", "choose_image")),
    ("wagtaildocs", ("add_document", "change_document", "choose_document")),
    ("pictures", ("add_picture", "change_picture", "choose_picture")),
)


@transaction.atomic
def make_group(*, region: Region) -> Group:
    """The group of a region's editors, with its rights; safe to run again, e.g. after the region got another home page."""
    group, _made = Group.objects.get_or_create(name=f"Redaktion {region.name}")
    group.permissions.add(*Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin"))
    GroupPagePermission.objects.filter(group=group).exclude(page=region.site.root_page).delete()
    for right in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=ON_PAGES):
        GroupPagePermission.objects.get_or_create(group=group, page=region.site.root_page, permission=right)
    own = collection_of(region=region)
    for app, names in ON_FILES:
        for right in Permission.objects.filter(content_type__app_label=app, codename__in=names):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=own, permission=right)
    return group


def collection_of(*, region: Region) -> Collection:
    """The region's own shelf of pictures and documents."""
    root = Collection.get_first_root_node()
    found = root.get_children().filter(name=region.name).first()
    return found if found is not None else root.add_child(name=region.name)


@transaction.atomic
def appoint(*, user: User, region: Region, at: datetime, by: AbstractBaseUser | None) -> Membership:
    """Make a person an editor of a region; nothing happens if he or she is one already."""
    membership, made = Membership.objects.get_or_create(region=region, user=user, role=Role.EDITOR)
    user.groups.add(make_group(region=region))
    if made:
        audit.record(action="editor.appointed", target=membership, at=at, by=by, new={"region": region.slug})
    return membership
